// Microsoft's renderer, which the tests use as a parser: its main entry fails in Node, and this one has no types.
declare module 'adaptivecards/dist/adaptivecards.js' {
  export * from 'adaptivecards';
}
