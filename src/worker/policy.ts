/** What the content security policy stops in the worker: told to the page, unless somebody explains it. */
import type { PolicyReply } from '../protocol/policy.ts';

/** Wait for the event of a request that was stopped, which may come behind its failure, in milliseconds. */
const EVENT_DELAY = 50;

type Violation = Pick<SecurityPolicyViolationEvent, 'effectiveDirective' | 'blockedURI'>;

export class PolicyWatch {
  readonly #stopped = new Set<string>();
  readonly #explained = new Set<string>();
  readonly #post: (reply: PolicyReply) => void;

  constructor(post: (reply: PolicyReply) => void) {
    this.#post = post;
  }

  hear({ effectiveDirective, blockedURI }: Violation): void {
    const origin = originOf(blockedURI);
    this.#stopped.add(origin);
    if (!this.#explained.has(origin))
      this.#post({ type: 'policy', directive: effectiveDirective, blocked: blockedURI });
  }

  /** Runs what asks an address; when it fails because the policy stopped it, `stopped` is thrown instead. */
  async explaining<T>(address: string, act: () => Promise<T>, stopped: () => Error): Promise<T> {
    const origin = originOf(address);
    this.#explained.add(origin);
    this.#stopped.delete(origin);
    try {
      return await act();
    } catch (error) {
      await new Promise((resolve) => setTimeout(resolve, EVENT_DELAY));
      throw this.#stopped.has(origin) ? stopped() : error;
    } finally {
      this.#explained.delete(origin);
    }
  }
}

function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address;
}
