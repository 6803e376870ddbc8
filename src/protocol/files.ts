/** Files as the page hands them to the engine. */

/** A file of a folder: `path` is relative to the folder, forward slashes. */
export interface FolderFile {
  path: string;
  file: File;
}
