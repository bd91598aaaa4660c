import 'reflect-metadata';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import { Compressed, markRoute, Untraced } from './route.marks.ts';

@Untraced()
class Marked {
  @Compressed() list(): void {}
  @markRoute({ isUntraced: false }) get(): void {}
  @Compressed()
  @markRoute({ isUnlimited: true })
  both(): void {}
}

const marksOf = (name: keyof Marked): unknown =>
  Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, Marked.prototype[name]);

describe('the marks of a handler', () => {
  it("are its own and its controller's", () => {
    expect(marksOf('list')).toEqual({ isCompressed: true, isUntraced: true });
  });

  it("are its own where its controller's say something else", () => {
    expect(marksOf('get')).toEqual({ isUntraced: false });
  });

  it('add up', () => {
    expect(marksOf('both')).toEqual({ isCompressed: true, isUnlimited: true, isUntraced: true });
  });
});
