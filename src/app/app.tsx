/** The one screen: four numbered steps on the left, the comparison on the right, or below on a narrow screen. */
import { Comparison } from './components/comparison.tsx';
import { DataPanel } from './components/data/data-panel.tsx';
import { DeviceProblem } from './components/device-problem.tsx';
import { HistoryDrawer } from './components/history/history-drawer.tsx';
import { ShortcutsSheet } from './components/history/shortcuts-sheet.tsx';
import { Header } from './components/header.tsx';
import { MethodsPanel } from './components/methods/methods-panel.tsx';
import { ModelPanel } from './components/model-panel.tsx';
import { TrainingPanel } from './components/training-panel.tsx';
import { useText } from './use-studio.tsx';

export function App() {
  const text = useText();
  return (
    <>
      <Header />
      <DeviceProblem />
      <main className="columns">
        <section className="setup" aria-label={text.setup}>
          <DataPanel />
          <ModelPanel />
          <MethodsPanel />
          <TrainingPanel />
        </section>
        <Comparison />
      </main>
      <HistoryDrawer />
      <ShortcutsSheet />
    </>
  );
}
