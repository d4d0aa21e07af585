/** Error codes of this slice and what each means. */
export const projectsErrors = {
  'projects/not-found': 'There is no project of that name or id.',
  'projects/bad-document': 'The project file is not valid; every problem is listed with its line.',
  'projects/name-mismatch': 'The project file names another project than the path.',
  'projects/clock-not-replay': 'Only the business clock of a replay project can be moved.',
  'projects/clock-backwards': 'A business clock never goes back.',
  'projects/clock-kind-fixed': 'The kind of business clock of a project cannot be changed after it was created.',
  'projects/unknown-objective': 'There is no objective of that name in the project file.',
} as const;
