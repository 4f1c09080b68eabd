/**
 * What the stacks of bare templates are called: a file's name without its extension, with the folders before it where
 * several files have one name, as `net/template.yaml` and `app/template.yaml`.
 */
import * as path from 'node:path';

/** `net/core.template.json` → `core`; `net.yaml` → `net`: the name without its extension, CDK's double one included. */
export function stackNameOf(file: string): string {
  return path.basename(file).replace(/\.template\.(json|ya?ml)$|\.[^.]+$/i, '');
}

/** By file, in the order given: the shortest ends of their paths that tell them apart. `files` are absolute, each once. */
export function stackNamesOf(files: readonly string[]): string[] {
  const named = files.map((file) => {
    const folders = path.dirname(file).split(path.sep).filter(Boolean).reverse();
    return { parts: [stackNameOf(file), ...folders], file };
  });
  return named.map(({ parts, file }) => {
    const others = named.filter((other) => other.file !== file && other.parts[0] === parts[0]);
    const isTold = (count: number) => others.every((other) => endOf(other.parts, count) !== endOf(parts, count));
    let count = 1;
    while (count < parts.length && !isTold(count)) count++;
    // `net.json` beside `net.yaml`
    return isTold(count) ? endOf(parts, count) : path.basename(file);
  });
}

function endOf(parts: readonly string[], count: number): string {
  return parts.slice(0, count).reverse().join('/');
}
