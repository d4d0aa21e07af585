/** Every error code of this slice, with its meaning in one line. */
export const packagingErrors = {
  'packaging/no-inputs': 'a model without inputs has no form as an ONNX graph',
} as const;
