/**
 * The `webgpu` package writes nothing from memory that threads share, which onnxruntime-web's is, where browsers do:
 * such data is copied first.
 */
export function allowSharedWrites(): void {
  const { writeBuffer } = GPUQueue.prototype;
  GPUQueue.prototype.writeBuffer = function (this: GPUQueue, buffer, offset, data, ...range): undefined {
    const isShared = data instanceof Uint8Array && data.buffer instanceof SharedArrayBuffer;
    const own = isShared ? data.slice() : data;
    writeBuffer.call(this, buffer, offset, own as Uint8Array<ArrayBuffer>, ...range);
  };
}
