/** The one screen: four numbered steps on the left, the comparison on the right, or above on a narrow screen. */
import { Comparison } from './components/comparison.tsx';
import { DataPanel } from './components/data/data-panel.tsx';
import { DeviceNotice } from './components/device/device-notice.tsx';
import { DeviceProblem } from './components/device/device-problem.tsx';
import { DeviceSheet } from './components/device/device-sheet.tsx';
import { EngineProblem } from './components/engine-problem.tsx';
import { HistoryDrawer } from './components/history/history-drawer.tsx';
import { ShortcutsSheet } from './components/history/shortcuts-sheet.tsx';
import { Guard } from './components/guard.tsx';
import { Header } from './components/header.tsx';
import { MethodsPanel } from './components/methods/methods-panel.tsx';
import { ModelPanel } from './components/model-panel.tsx';
import { PageDrop } from './components/page-drop.tsx';
import { PolicyNotice } from './components/policy-notice.tsx';
import { TrainingPanel } from './components/training-panel.tsx';
import { useText } from './use-studio.tsx';

export function App() {
  return (
    <Guard>
      <Page />
    </Guard>
  );
}

function Page() {
  const text = useText();
  return (
    <>
      <Guard title="Delta Studio">
        <Header />
      </Guard>
      <Guard title={text.drop.title}>
        <PageDrop />
      </Guard>
      <EngineProblem />
      <DeviceProblem />
      <DeviceNotice />
      <PolicyNotice />
      <main className="columns">
        {/* First, so that Start is a few presses of Tab away; on a wide screen it stands at the right. */}
        <Guard title={text.comparison}>
          <Comparison />
        </Guard>
        <section className="setup" aria-label={text.setup}>
          <Guard title={text.dataTitle}>
            <DataPanel />
          </Guard>
          <Guard title={text.modelTitle}>
            <ModelPanel />
          </Guard>
          <Guard title={text.methodsTitle}>
            <MethodsPanel />
          </Guard>
          <Guard title={text.trainingTitle}>
            <TrainingPanel />
          </Guard>
        </section>
      </main>
      <Guard title={text.history.title}>
        <HistoryDrawer />
      </Guard>
      <Guard title={text.shortcuts.title}>
        <ShortcutsSheet />
      </Guard>
      <Guard title={text.device.title}>
        <DeviceSheet />
      </Guard>
    </>
  );
}
