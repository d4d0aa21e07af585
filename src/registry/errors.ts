/** Every error code of this slice, with its meaning in one line. */
export const registryErrors = {
  'registry/alias-moved': 'an alias was moved meanwhile; read it again and decide anew',
  'registry/bad-name': 'a name of a model, alias or file is out of form',
  'registry/bad-query': 'a list was asked with a limit out of range',
  'registry/file-differs': 'a version has other bytes under that path; versions never change',
  'registry/file-not-found': 'the version has no file of that path',
  'registry/model-not-found': 'the project has no registered model of that name',
  'registry/no-file': 'a version was registered without any file',
  'registry/precondition-required': 'an alias is moved only with If-Match, the ETag that was read',
  'registry/version-not-found': 'the model has no version of that number',
} as const;
