// The images of the promotions that are measured: the stand-in is filled with them, the bench asks for them.

/** What is asked to be promoted in a round. */
export const roundImage = (round: number): string => `shop/web:v7.0.${round}`;
