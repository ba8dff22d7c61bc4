#!/usr/bin/env node
// Serves a folder below a sub-path while a command runs, with the address of the folder as its last word:
// node serving.mjs FOLDER COMMAND...
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from './lib/serve.mjs';
import { listFiles } from './lib/site.mjs';

const [folder, command, ...args] = process.argv.slice(2);
if (!command || !existsSync(join(folder, 'index.html'))) {
  console.error('usage: node serving.mjs FOLDER COMMAND...   (FOLDER has an index.html)');
  process.exit(2);
}
const { root, close } = await serve({ folder: realpathSync(folder), files: new Set(listFiles(folder)) });
const child = spawn(command, [...args, `${root}index.html`], { stdio: 'inherit' });
child.on('error', (error) => {
  console.error(`serving.mjs: ${error.message}`);
  process.exitCode = 1;
  close();
});
child.on('close', (code) => {
  process.exitCode = code ?? 1;
  close();
});
