export { type Change, planResource, type ResourceOptions } from './resource/plan.ts';
export type { Project } from './resource/project.ts';
export { Refusal } from './resource/refusal.ts';
