/** The page: a comparison, its four numbered steps on the left and what comes of it on the right; or a study. */
import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
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
import { tab } from './state/tab.ts';
import { useText } from './use-studio.tsx';

/** With its figures it is asked for by few, and so a part of its own. */
const StudyPage = lazy(() => import('./components/study/study-page.tsx'));

export function App() {
  return (
    <Guard>
      <Page />
    </Guard>
  );
}

function Page() {
  const text = useText();
  const open = useStore(tab, (state) => state.tab);
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
      {open === 'study' ? <StudyTab /> : <CompareTab />}
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

function StudyTab() {
  const text = useText();
  return (
    <Guard title={text.study.title}>
      <Suspense fallback={<p className="muted study-loading">{text.loading}</p>}>
        <StudyPage />
      </Suspense>
    </Guard>
  );
}

function CompareTab() {
  const text = useText();
  return (
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
  );
}
