// Stops what a killed parent left behind. A parent that dies by SIGKILL runs no handler, but the kernel closes its end
// of our standard input; then we stop every process it had announced, and remove the directories it had lent out.
//
// Lines on standard input: `watch <pid> <signal>`, `forget <pid>`, `remove <directory>`.
// Plain JavaScript: it starts with every server and must not pay for a TypeScript loader.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const GRACE_MS = 10_000;
const watched = new Map();
const directories = new Set();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};
const send = (pid, signal) => {
  try {
    process.kill(pid, signal);
  } catch {
    // Already gone, which is what we want.
  }
};

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [command, value, signal] = line.split('\t');
    if (command === 'watch') watched.set(Number(value), signal);
    else if (command === 'forget') watched.delete(Number(value));
    else if (command === 'remove') directories.add(value);
  })
  .on('close', () => {
    for (const [pid, signal] of watched) send(pid, signal);
    const deadline = Date.now() + GRACE_MS;
    const timer = setInterval(() => {
      const left = [...watched.keys()].filter(alive);
      if (left.length > 0 && Date.now() < deadline) return;
      for (const pid of left) send(pid, 'SIGKILL');
      for (const directory of directories) rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
      clearInterval(timer);
    }, 50);
  });
