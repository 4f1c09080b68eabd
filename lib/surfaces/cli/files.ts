/**
 * Reading and writing. Reading turns every failure into a diagnostic that names the path; writing is atomic, so that
 * nothing half-written is left behind.
 */
import { isUtf8 } from 'node:buffer';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { ZoneFileText } from '../../intent/zones';
import { InputError } from './input-error';

/** No zone file, template or manifest that a person or CDK wrote comes near this. */
const MAX_BYTES = 256 * 1024 * 1024;

export function readText(file: string, cwd: string): string {
  const full = path.resolve(cwd, file);
  try {
    const stat = fs.statSync(full);
    if (stat.isDirectory())
      throw InputError.of('FILE_IS_FOLDER', `\`${file}\` is a folder, expected a file`, 'give a file in it');
    if (stat.size > MAX_BYTES)
      throw InputError.of('FILE_TOO_LARGE', `\`${file}\` has ${stat.size} bytes, more than ${MAX_BYTES}`, 'split it');
    return decoded(fs.readFileSync(full), file);
  } catch (error) {
    throw asInputError(error, file);
  }
}

/** Two names that differ in what cannot be read would be one: a text that is no UTF-8 is not guessed at. */
export function decoded(bytes: Buffer, file: string): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const text = bytes.toString('utf8');
  const before = text.slice(0, text.indexOf('\uFFFD')).split('\n');
  const span = { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  const message = `\`${file}\` is no UTF-8 text`;
  throw new InputError([{ code: 'FILE_NOT_UTF8', severity: 'error', message, help: 'save it as UTF-8', span }]);
}

/** An estate is a folder of *.yaml and *.yml files (its subfolders too), or one file. Sorted by name. */
export function readEstateFiles(estate: string, cwd: string): ZoneFileText[] {
  const full = path.resolve(cwd, estate);
  let isFolder: boolean;
  try {
    isFolder = fs.statSync(full).isDirectory();
  } catch (error) {
    throw asInputError(error, estate);
  }
  if (!isFolder) return [{ file: estate, text: readText(estate, cwd) }];
  const names = fs
    .readdirSync(full, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/i.test(name) && !name.split(path.sep).some((part) => part.startsWith('.')))
    .sort();
  if (names.length === 0) {
    throw InputError.of(
      'ESTATE_EMPTY',
      `\`${estate}\` holds no zone file`,
      'an estate is a folder of *.yaml files, or one file',
    );
  }
  return names.map((name) => {
    const file = path.join(estate, name);
    return { file, text: readText(file, cwd) };
  });
}

/** Writes beside the target and renames: readers see the old file or the whole new one. */
export function writeAtomically(file: string, text: string, cwd: string): void {
  const full = path.resolve(cwd, file);
  const partial = `${full}.${process.pid}.partial`;
  try {
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.writeFileSync(partial, text);
    fs.renameSync(partial, full);
  } catch (error) {
    fs.rmSync(partial, { force: true });
    throw asInputError(error, file);
  }
}

export function asInputError(error: unknown, file: string): InputError {
  if (error instanceof InputError) return error;
  const code = codeOf(error);
  switch (code) {
    case 'ENOENT':
      return InputError.of(
        'FILE_NOT_FOUND',
        `there is no \`${file}\``,
        'paths are relative to the folder it is called in',
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return InputError.of('FILE_NOT_ALLOWED', `\`${file}\` may not be read or written`, 'change its permissions');
    case 'ENOTDIR':
    case 'EISDIR':
      return InputError.of(
        'FILE_IS_FOLDER',
        `\`${file}\` is not the kind of file that is expected there`,
        'give a file',
      );
    default:
      throw error;
  }
}

/** The code of a failure of the file system; empty for anything else. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
