/** Byte for byte the data of an image of any size: the MiB of this number. */
export function mebibyte(number: number): Buffer;
