/** A worker in which onnxruntime-web runs, so that it can be ended. */
import '../protocol/without-eval.ts';
import { ortPasses, type PassRequest, type TimedPasses } from '../measure/passes.ts';

/** Its one answer. */
export type FromOther = { timed: TimedPasses } | { failed: string };

onmessage = ({ data }: MessageEvent<PassRequest>) => {
  import('onnxruntime-web/webgpu')
    .then((ort) => ortPasses(ort, data))
    .then(
      (timed) => postMessage({ timed } satisfies FromOther, { transfer: [timed.result.buffer] }),
      (error: unknown) =>
        postMessage({ failed: error instanceof Error ? error.message : String(error) } satisfies FromOther),
    );
};
