import { compile } from './dev-build.ts';

const SERVICE = `
import { Injectable } from '@nestjs/common';
import { Store } from './store.ts';
@Injectable()
export class Service { constructor(readonly store: Store) {} }`;

describe('compile', () => {
  const { outputText } = compile(SERVICE, 'service.ts');

  it('writes an ES module that imports what was compiled', () => {
    expect(outputText).toMatch(/from ['"].\/store\.js['"]/);
    expect(outputText).toContain('export { Service }');
    expect(outputText).not.toContain('exports.');
  });

  it('keeps the types that Nest injects by', () => {
    expect(outputText).toContain('"design:paramtypes"');
  });
});
