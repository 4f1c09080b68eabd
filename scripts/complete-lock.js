/**
 * Completes package-lock.json: a registry mirror that lacks a platform's binary makes npm leave it out, and `npm ci` then
 * refuses the file. Each such optional package gets an entry with its platform, so that it is known and not fetched here.
 */
const fs = require('node:fs');
const lock = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
const { packages } = lock;
function resolve(from, name) {
  for (let at = from; ; ) {
    const key = `${at ? `${at}/` : ''}node_modules/${name}`;
    if (packages[key]) return key;
    if (!at) return undefined;
    at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : '';
  }
}
let added = 0;
for (const [at, entry] of Object.entries({ ...packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (resolve(at, name)) continue;
    const os = ['android', 'darwin', 'freebsd', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'aix', 'linux', 'win32'].find((each) => name.includes(each));
    const cpu = [['arm64', 'arm64'], ['aarch64', 'arm64'], ['x64', 'x64'], ['ia32', 'ia32'], ['armv7', 'arm'], ['gnueabihf', 'arm'], ['musleabihf', 'arm'], ['eabi', 'arm'], ['ppc64', 'ppc64'], ['riscv64', 'riscv64'], ['s390x', 's390x'], ['loong64', 'loong64'], ['mips64el', 'mips64el'], ['wasm32', 'wasm32'], ['arm', 'arm']].find(([word]) => name.includes(word))?.[1];
    console.log(at, name, version, os, cpu);
    const key = `node_modules/${name}`;
    packages[key] = {
      version,
      ...(cpu && { cpu: [cpu] }),
      ...(entry.dev && { dev: true }),
      ...(name.includes('musl') ? { libc: ['musl'] } : name.includes('gnu') && os === 'linux' ? { libc: ['glibc'] } : {}),
      optional: true,
      ...(os && { os: [os] }),
    };
    added++;
  }
}
const [root, ...rest] = Object.entries(packages);
lock.packages = Object.fromEntries([root, ...rest.sort(([a], [b]) => a.localeCompare(b, 'en'))]);
fs.writeFileSync('package-lock.json', `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(added, 'added');
