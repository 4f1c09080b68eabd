/**
 * What keeps the repository readable and its installs reproducible, as claims about the files that are in it.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { ROOT } from './cruise';

interface SourceFile {
  /** relative to the root, with forward slashes */
  readonly file: string;
  readonly text: string;
}

const SOURCES = filesBelow('lib', 'bin', 'test', 'bench').filter(({ file }) => file.endsWith('.ts'));
const LIBRARY = SOURCES.filter(({ file }) => file.startsWith('lib/'));
const PURE = LIBRARY.filter(({ file }) => /^lib\/(base|intent\/(zones|plan)|evidence|verdict)\//.test(file));
const PACKAGE = readJson('package.json');
const LOCK = readJson('package-lock.json');

describe('source files', () => {
  test('are found', () => expect(LIBRARY.length).toBeGreaterThan(15));

  test('silence no checker', () => {
    expect(linesThatMatch(SOURCES, /(biome|eslint)-ignore|@ts-(ignore|nocheck|expect-error)/)).toEqual([]);
  });
  test('promise nothing for later', () => {
    expect(linesThatMatch(SOURCES, /\b(TODO|FIXME|XXX|HACK)\b|not (yet )?implemented/)).toEqual([]);
  });
  test('switch no test off and single none out', () => {
    expect(
      linesThatMatch(SOURCES, /\b(it|test|describe)\.(skip|only|todo)\b|\bx(it|describe)\(|\bf(it|describe)\(/),
    ).toEqual([]);
  });
  test('use no clock and no randomness in the pure floors', () => {
    expect(
      linesThatMatch(PURE, /\bDate\.now\b|new Date\(\)|Math\.random|process\.(env|hrtime)|performance\.now/),
    ).toEqual([]);
  });
  test('are named in kebab-case after their main noun; a nag rule has the name of its rule', () => {
    const named = SOURCES.filter(({ file }) => !file.startsWith('lib/surfaces/nag/rules/'));
    const misnamed = named.filter(
      ({ file }) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d)?\.ts$/.test(path.posix.basename(file)),
    );
    expect(misnamed.map(({ file }) => file)).toEqual([]);
  });
  test('are called nothing that says nothing', () => {
    const empty = /(^|[-/])(manager|helpers?|utils?|common|misc)([-.]|$)/;
    expect(SOURCES.map(({ file }) => file).filter((file) => empty.test(file.toLowerCase()))).toEqual([]);
  });
  test('fit in one reading', () => {
    const long = LIBRARY.filter(({ text }) => text.split('\n').length > 500);
    expect(long.map(({ file }) => file)).toEqual([]);
  });
  test('have an index per library folder, which opens by saying what the folder is', () => {
    const folders = new Set(LIBRARY.map(({ file }) => path.posix.dirname(file)));
    const isStage = (folder: string) =>
      LIBRARY.some(({ file }) => path.posix.dirname(file) === folder && /\.ts$/.test(file));
    const stages = [...folders].filter((folder) => isStage(folder) && !folder.startsWith('lib/surfaces/nag/rules/'));
    const silent = stages.filter((folder) => {
      const index = LIBRARY.find(({ file }) => file === `${folder}/index.ts`);
      return !index?.text.startsWith('/**');
    });
    expect(silent).toEqual([]);
  });
});

describe('the package', () => {
  test('is licensed as its licence file says', () => {
    expect(PACKAGE.license).toBe('Apache-2.0');
    expect(readText('LICENSE')).toMatch(/Apache License\s+Version 2\.0/);
  });
  test('builds itself on install, so that `npx cordon` works after `npm ci`', () => {
    expect(PACKAGE.scripts).toMatchObject({ prepare: expect.stringContaining('build'), prestart: expect.any(String) });
  });
  test('has a command whose source is there', () => {
    const compiled = (PACKAGE.bin as Record<string, string>).cordon ?? '';
    expect(compiled).toMatch(/^dist\/bin\/.+\.js$/);
    const source = compiled.replace(/^dist\//, '').replace(/\.js$/, '.ts');
    expect(readText(source)).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
  test('runs types, lint, import rules and tests in `npm run check`', () => {
    const { check } = PACKAGE.scripts as Record<string, string>;
    for (const part of ['types', 'lint', 'imports', 'test']) expect(check).toMatch(new RegExp(`npm (run )?${part}\\b`));
  });
  test('runs the same checks in CI, after a fresh install', () => {
    const run = readText('.ci/run');
    const steps = [...run.matchAll(/^step (.+)$/gm)].map(([, step]) => step);
    expect(steps).toEqual(['npm ci', 'npm run lint', 'npm run types', 'npm run imports', 'npm test', 'npm start']);
    expect(run).toContain('set -euo pipefail');
    expect(fs.statSync(path.join(ROOT, '.ci/run')).mode & 0o111).not.toBe(0);
  });
  test('says the same Node version in every place', () => {
    const minimum = String((PACKAGE.engines as Record<string, string>).node).replace('>=', '');
    expect(readText('.ci/run')).toContain(`Node ${minimum}`);
    expect(readText('CONTRIBUTING.md')).toContain(`Node ${minimum}`);
  });
});

describe('the lock file', () => {
  const packages = Object.entries(LOCK.packages as Record<string, Record<string, unknown>>).filter(([name]) => name);

  test('names no registry, so that any mirror can serve it', () => {
    expect(packages.filter(([, entry]) => typeof entry.resolved === 'string').map(([name]) => name)).toEqual([]);
  });
  test('pins every package by its hash', () => {
    const unpinned = packages.filter(([, entry]) => !entry.integrity && !entry.link && !entry.inBundle);
    expect(unpinned.map(([name]) => name)).toEqual([]);
  });
  test('agrees with package.json', () => {
    const root = (LOCK.packages as Record<string, Record<string, unknown>>)[''];
    expect(root).toMatchObject({ dependencies: PACKAGE.dependencies, devDependencies: PACKAGE.devDependencies });
    expect(root).toMatchObject({ name: PACKAGE.name, version: PACKAGE.version });
  });
});

describe('the change log', () => {
  const text = readText('CHANGELOG.md');
  test('has a part for what is not released yet', () => expect(text).toMatch(/^## \[Unreleased\]$/m));
  test('uses the parts of Keep a Changelog', () => {
    const parts = [...text.matchAll(/^### (.+)$/gm)].map(([, part]) => part);
    const known = new Set(['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']);
    expect(parts.filter((part) => !known.has(part ?? ''))).toEqual([]);
    expect(parts.length).toBeGreaterThan(0);
  });
});

function linesThatMatch(files: readonly SourceFile[], pattern: RegExp): string[] {
  const others = files.filter(({ file }) => file !== 'test/house/repository.test.ts');
  return others.flatMap(({ file, text }) => {
    return text.split('\n').flatMap((line, at) => (pattern.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : []));
  });
}

function filesBelow(...folders: string[]): SourceFile[] {
  return folders
    .filter((folder) => fs.existsSync(path.join(ROOT, folder)))
    .flatMap((folder) => {
      const entries = fs.readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => {
          const file = path.relative(ROOT, path.join(entry.parentPath, entry.name)).split(path.sep).join('/');
          return { file, text: readText(file) };
        });
    });
}

function readText(file: string): string {
  return fs.readFileSync(path.join(ROOT, file), 'utf8');
}

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readText(file)) as Record<string, unknown>;
}
