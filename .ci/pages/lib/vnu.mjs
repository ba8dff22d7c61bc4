// The Nu HTML checker over all HTML, CSS and SVG files, in one Java run.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const JAR = fileURLToPath(new URL('../../node_modules/vnu-jar/build/dist/vnu.jar', import.meta.url));

// What a publisher wrote stays as it is: signs without a meaning of their own, and years long ago or far ahead.
const PUBLISHERS = [/^Document uses the Unicode Private Use Area/, /^Potentially bad value .* for attribute “datetime” .*: Year may be mistyped\.$/];

/** Checks all sites (their folders are full paths); findings by folder. */
export async function checkVnu(sites, { langdetect = true } = {}) {
  // Folders are given, not lists of files: a big site would not fit on a
  // command line.
  const args = [
    '-Xss4m', '-jar', JAR, '--stdout', '--format', 'json', '--exit-zero-always', '--skip-non-html',
    '--also-check-css', '--also-check-svg', ...(langdetect ? [] : ['--no-langdetect']),
    ...sites.map((site) => site.folder),
  ];
  const { out, err, code } = await run('java', args);
  let report;
  try {
    report = JSON.parse(out);
  } catch {
    throw new Error(`the Nu checker gave no report (exit ${code}): ${(err || out).slice(0, 500)}`);
  }
  const findings = new Map(sites.map((site) => [site.folder, []]));
  for (const message of report.messages) {
    // Errors and warnings count; plain infos (say, "trailing slash on void
    // elements") are remarks on style.
    if (message.type === 'info' && message.subType !== 'warning') continue;
    if (message.type === 'info' && PUBLISHERS.some((words) => words.test(message.message))) continue;
    const path = pathOf(message.url ?? '');
    // The longest fits best, should one folder lie in another.
    const folder = [...findings.keys()].filter((f) => path.startsWith(`${f}/`)).sort((a, b) => b.length - a.length)[0];
    // Trouble with the checker itself names no file; nobody may miss it.
    findings.get(folder ?? sites[0].folder).push(finding(folder ? path.slice(folder.length + 1) : '', message));
  }
  return findings;
}

function pathOf(url) {
  const path = url.replace(/^file:\/*/, '/');
  try { return decodeURIComponent(path); } catch { return path; }
}

function finding(file, { type, message, lastLine, extract }) {
  const line = lastLine > 0 ? `line ${lastLine}: ` : '';
  const code = extract ? ` [${extract.replace(/\s+/g, ' ').trim().slice(0, 100)}]` : '';
  return {
    file, check: 'vnu', kind: message.replace(/“[^”]*”/g, '“…”').replace(/\d+/g, 'N'),
    message: `${line}${type === 'info' ? 'warning: ' : ''}${message}${code}`,
  };
}

function run(command, args) {
  return new Promise((done, fail) => {
    const child = spawn(command, args);
    const out = [];
    const err = [];
    child.stdout.on('data', (data) => out.push(data));
    child.stderr.on('data', (data) => err.push(data));
    child.on('error', fail);
    child.on('close', (code) => done({ out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString(), code }));
  });
}
