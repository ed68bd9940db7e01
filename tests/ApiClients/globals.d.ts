// All that is used of Node: its whole types are not worth a package.
declare const process: { argv: string[] };
