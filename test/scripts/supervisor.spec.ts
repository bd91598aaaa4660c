import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { processIdentity, until } from '../../scripts/processes.ts';
import { ROOT } from '../../scripts/root.ts';
import { Supervisor } from '../../scripts/supervisor.ts';

const isGone = (pid: number): boolean => processIdentity(pid) === undefined;
const env = process.env;
let supervisor: Supervisor;

beforeEach(() => {
  supervisor = new Supervisor();
});
afterEach(() => supervisor.stop());

describe('Supervisor', () => {
  it('runs a program to its end', async () => {
    const lines: string[] = [];
    await supervisor.runNode('A greeting', ['-e', 'console.log("hello")'], { env, onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['hello']);
  });

  it('tells what a failed program said last', async () => {
    const failing = supervisor.runNode('The job', ['-e', 'console.error("no such thing"); process.exit(3)'], { env });
    await expect(failing).rejects.toThrow('The job failed (3):\nno such thing');
  });

  it('keeps forty lines and no more', async () => {
    const child = supervisor.spawnNode('Talker', ['-e', 'for (let i = 1; i <= 50; i += 1) console.log(i)'], { env });
    await child.ended;
    expect(child.lastLines().split('\n')).toHaveLength(40);
    expect(child.lastLines()).toMatch(/^11\n.*50$/s);
  });

  it('lets a program write to our own output', async () => {
    const program = `
      import { Supervisor } from './scripts/supervisor.ts';
      const options = { env: process.env, stdout: 'inherit' };
      await new Supervisor().runNode('Writer', ['-e', 'console.log("by itself")'], options);`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', program],
      { cwd: ROOT },
    );
    expect(stdout).toBe('by itself\n');
  });

  it('stops a program and what that has started', async () => {
    let grandchild = 0;
    const child = supervisor.spawnNode(
      'Parent',
      [
        '-e',
        'const c = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]); ' +
          'console.log(c.pid); setInterval(() => {}, 1000)',
      ],
      { env, onLine: (line) => (grandchild = Number(line)) },
    );
    expect(await until(() => grandchild > 0, 10_000)).toBe(true);
    await supervisor.stop();
    expect(isGone(child.pid)).toBe(true);
    expect(await until(() => isGone(grandchild), 2000)).toBe(true);
  });

  it('gives a program time to end by itself', async () => {
    const lines: string[] = [];
    const child = supervisor.spawnNode(
      'Tidy',
      [
        '-e',
        'process.on("SIGTERM", () => setTimeout(() => { console.log("tidied up"); process.exit(0); }, 200)); ' +
          'console.log("up"); setInterval(() => {}, 1000)',
      ],
      { env, onLine: (line) => lines.push(line) },
    );
    expect(await until(() => lines.includes('up'), 10_000)).toBe(true);
    await supervisor.stop();
    expect(lines).toContain('tidied up');
    expect(await child.ended).toBe(0);
  });

  it('starts nothing more once it stops', async () => {
    await supervisor.stop();
    expect(() => supervisor.spawnNode('Latecomer', ['-e', ''], { env })).toThrow('Latecomer was not started');
  });
});
