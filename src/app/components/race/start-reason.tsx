import { startObstacle, typeOfDraft, type Obstacle } from '../../state/start-obstacle.ts';
import { useSaid, useStudioState, useText } from '../../use-studio.tsx';

/** Why Start is off, beside it. */
export function StartReason({ id }: { id: string }) {
  const busy = useStudioState((state) => state.session !== 'idle');
  // Told of every change: compared as text, since it is made anew each time.
  const said = useStudioState((state) =>
    state.session === 'idle' ? JSON.stringify(startObstacle(state)) : 'null',
  );
  const obstacle = JSON.parse(said) as Obstacle | null;
  const words = useObstacleText();
  return (
    <p id={id} className="start-reason" aria-live="polite">
      {busy || obstacle === null ? '' : words(obstacle)}
    </p>
  );
}

function useObstacleText(): (obstacle: Obstacle) => string {
  const text = useText();
  const say = useSaid();
  return (obstacle) => {
    if (obstacle.kind === 'words') return say(obstacle.message);
    if (obstacle.kind !== 'field') return text.race.off[obstacle.kind];
    const label = text.fieldNames[obstacle.field] ?? obstacle.field;
    const method = obstacle.method;
    return text.race.off.field(
      method === undefined ? label : `${text.methodNames[typeOfDraft(method)]}: ${label}`,
    );
  };
}
