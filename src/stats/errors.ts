/** Every error code of this slice, with its meaning in one line. */
export const statsErrors = {
  'stats/length-mismatch': 'columns that belong to the same rows have different lengths',
  'stats/not-a-label': 'a binary label is neither 0 nor 1, or a class lies outside its range',
  'stats/not-finite': 'a score, value or weight is NaN or infinite where a number is needed',
  'stats/not-a-probability': 'a score lies outside [0, 1] where a probability is needed',
  'stats/bad-argument': 'a level, threshold, bin count, seed or range lies outside its legal range',
  'stats/bad-summary': 'a stored summary or histogram is of another shape or version, or belongs to another column',
} as const;
