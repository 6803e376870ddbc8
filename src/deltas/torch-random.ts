/**
 * PyTorch's random numbers on the processor, so that what another library draws from a stored seed is the same
 * here: the Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), started as `torch.Generator().manual_seed`
 * does, and 24 bits of each word to one single-precision number (`at::uniform_real_distribution<float>`).
 */

const WORDS = 624;
const SHIFT = 397;

export class TorchUniform {
  private readonly state = new Uint32Array(WORDS);
  private next = WORDS;

  /** @param seed a whole number; its lower 32 bits count */
  constructor(seed: number) {
    this.state[0] = seed >>> 0;
    for (let i = 1; i < WORDS; i++) {
      const before = this.state[i - 1];
      this.state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
    }
  }

  /** `tensor.uniform_(-bound, bound, generator=...)`, row-major. */
  fill(length: number, bound: number): Float32Array {
    const span = Math.fround(Math.fround(bound) + Math.fround(bound));
    const from = Math.fround(-bound);
    return Float32Array.from({ length }, () => {
      // Rounded once: a fused multiply-add on the machines that have one.
      return Math.fround((this.word() & 0xffffff) * 2 ** -24 * span + from);
    });
  }

  /** `torch.randperm(length, generator=...)` on the processor. */
  permutation(length: number): Int32Array {
    const order = Int32Array.from({ length }, (_, i) => i);
    for (let i = 0; i < length - 1; i++) {
      const j = i + (this.word() % (length - i));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  private word(): number {
    if (this.next === WORDS) this.twist();
    let y = this.state[this.next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  private twist(): void {
    const { state } = this;
    for (let i = 0; i < WORDS; i++) {
      const y = (state[i] & 0x80000000) | (state[(i + 1) % WORDS] & 0x7fffffff);
      state[i] = state[(i + SHIFT) % WORDS] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.next = 0;
  }
}
