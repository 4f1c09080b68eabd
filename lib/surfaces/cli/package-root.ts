import * as fs from 'node:fs';
import * as path from 'node:path';

/** Where the package lies, compiled (`dist/lib/…`) or not. */
export function packageRoot(): string {
  let folder = __dirname;
  while (!fs.existsSync(path.join(folder, 'package.json'))) {
    const above = path.dirname(folder);
    if (above === folder) throw new Error('the package of Cordon is not complete: it has no package.json');
    folder = above;
  }
  return folder;
}

/** As `package.json` says. */
export function packageVersion(): string {
  const { version } = JSON.parse(fs.readFileSync(path.join(packageRoot(), 'package.json'), 'utf8'));
  return String(version);
}
