/** Error codes of this slice and what each means. */
export const projectsErrors = {
  'projects/not-found': 'There is no project of that name or id.',
  'projects/bad-document': 'The project file is not valid; every problem is listed with its line.',
  'projects/name-mismatch': 'The project file names another project than the path.',
  'projects/clock-not-replay': 'Only the business clock of a replay project can be moved.',
  'projects/clock-backwards': 'A business clock never goes back.',
  'projects/clock-kind-fixed': 'The kind of business clock of a project cannot be changed after it was created.',
  'projects/unknown-objective': 'There is no objective of that name in the project file.',
  'projects/unknown-key': 'A project file has a key that nothing knows.',
  'projects/missing-key': 'A project file lacks a key that is needed.',
  'projects/bad-value': 'A value in a project file is of the wrong type or out of range.',
  'projects/bad-yaml': 'A project file is not YAML.',
  'projects/not-a-mapping': 'A project file is a list, a scalar or empty.',
  'projects/too-many-aliases': 'A project file uses more YAML aliases than any honest one.',
} as const;
