/** Whether a machine may have a GPU at all, told without loading a driver. */
import { existsSync } from 'node:fs';

/** What Linux shows of a GPU: kernel drivers of PCs, NVIDIA's own, Windows' for WSL, those of phones and boards. */
const NODES = ['/dev/dri', '/dev/nvidiactl', '/dev/nvidia0', '/dev/dxg', '/dev/kgsl-3d0', '/dev/mali0'];

/**
 * False only where there can be none. To look for an adapter opens every driver that is installed, and those of
 * software write warnings to standard error on the way, past anything that could hold them back.
 * @param chosen a driver that the Vulkan loader is told to take, wherever its device is
 */
export function mayHaveGpu(
  platform: string = process.platform,
  chosen = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES,
  exists: (file: string) => boolean = existsSync,
): boolean {
  return platform !== 'linux' || Boolean(chosen) || NODES.some(exists);
}
