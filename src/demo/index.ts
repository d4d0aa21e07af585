/**
 * The demo: real flights of 2001 go round the whole loop, through the public HTTP API alone.
 *
 * @module
 */
export { demoErrors } from './errors.ts';
export { type DemoOptions, runDemo } from './run-demo.ts';
export { DEMO_SCALES, type DemoScale } from './scale.ts';
