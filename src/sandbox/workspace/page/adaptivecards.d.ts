// The bundle of Microsoft's renderer has no types of its own; they are those of the package's main entry, which bundlers
// must not take: it is marked free of side effects, and Table and others would be dropped.
declare module 'adaptivecards/dist/adaptivecards.js' {
  export * from 'adaptivecards';
}
