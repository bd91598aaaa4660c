// Beside the other scripts, where it is linted and type-checked.
export { default } from '../../scripts/docs/site.ts';
