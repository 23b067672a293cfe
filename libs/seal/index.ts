/**
 * Company seals: the picture, and the signed electronic seal that carries it (GB/T 38540, structure version 4).
 *
 * Promises: a picture holds nothing but outlines, so it looks the same everywhere; letters never overlap and never leave the ring, and a
 * name that cannot be drawn so is refused beforehand with the limit or the character named; a seal that leaves this folder verifies
 * under its maker's certificate; and reading accepts exactly one encoding, so no two different byte strings are the same seal.
 */
export { makeSeal, type SealInput } from './make.js';
export { checkSealName, sealNameLimit } from './name.js';
export { drawSeal, type SealPicture } from './picture.js';
export { sealShapes, type SealShape, type SealShapeName } from './shapes.js';
export { readSeal, type SealExtension, type SealHolders, type SealView } from './structure.js';
export { verifySeal, type SealExpectation, type SealProblem, type SealVerdict } from './verify.js';
