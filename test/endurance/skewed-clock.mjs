// Loaded into the API by `node --import` where there is no faketime: its clock is wrong by SKEW_MS and its monotonic
// clock is not, as on a machine whose time was never set. Plain JavaScript: it runs inside the built API.
const skew = Number(process.env.SKEW_MS);
const RealDate = Date;
const now = () => RealDate.now() + skew;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, property, receiver) => (property === 'now' ? now : Reflect.get(target, property, receiver)),
});
