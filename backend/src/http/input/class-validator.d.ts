/** The executor isn't exported by the package's index, and its types lie in another folder than its code. */
declare module 'class-validator/cjs/validation/ValidationExecutor.js' {
  export { ValidationExecutor } from 'class-validator/types/validation/ValidationExecutor.js';
}
