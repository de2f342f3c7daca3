import { join } from 'node:path';

/** Segments are counted from 1. */
export const segmentName = (number: number): string => `${String(number).padStart(8, '0')}.arrow`;

/** Sealed segments lie in a folder of their own, so that other programs can open that folder as one table. */
export const segmentsFolder = (directory: string): string => join(directory, 'segments');
export const segmentPath = (directory: string, name: string): string => join(segmentsFolder(directory), name);
export const partPath = (directory: string, number: number): string => join(directory, `${segmentName(number)}.part`);
