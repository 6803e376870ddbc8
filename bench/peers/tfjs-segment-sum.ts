/** The gradient of a gather, which TensorFlow.js's WebAssembly back end has no kernel for. */
import type * as TensorFlow from '@tensorflow/tfjs-core';

/** What is used of the back end. */
interface WasmBackend {
  makeOutput(shape: number[], dtype: TensorFlow.DataType): TensorFlow.TensorInfo;
  typedArrayFromHeap(tensor: TensorFlow.TensorInfo): Float32Array | Int32Array;
}

/** Makes `unsortedSegmentSum` a loop over the back end's own memory. */
export function registerSegmentSum(tf: typeof TensorFlow): void {
  tf.registerKernel({
    kernelName: 'UnsortedSegmentSum',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const wasm = backend as unknown as WasmBackend;
      const { x, segmentIds } = inputs as Record<string, TensorFlow.TensorInfo>;
      const { numSegments } = attrs as unknown as { numSegments: number };
      const shape = [numSegments, ...x.shape.slice(segmentIds.shape.length)];
      const output = wasm.makeOutput(shape, x.dtype);
      const to = wasm.typedArrayFromHeap(output).fill(0);
      const from = wasm.typedArrayFromHeap(x);
      const ids = wasm.typedArrayFromHeap(segmentIds);
      const width = to.length / numSegments;
      ids.forEach((id, row) => {
        for (let i = 0; i < width; i++) to[id * width + i] += from[row * width + i];
      });
      return output;
    },
  });
}
