import { useStore } from 'zustand';
import { policyStops } from '../state/policy-stops.ts';
import { useText } from '../use-studio.tsx';

/** What the page's security policy stopped, a sentence each. */
export function PolicyNotice() {
  const { policy } = useText();
  const stops = useStore(policyStops);
  if (stops.length === 0) return null;
  return (
    <section className="policy-stops" role="alert">
      {stops.map(({ directive, place, origin }) => (
        <p key={`${directive} ${place}`} className="problem">
          {directive === 'connect-src' && origin !== null
            ? policy.connection(place, origin)
            : policy.other(place, directive)}
        </p>
      ))}
    </section>
  );
}
