// undici ships types for the whole package only; this is the part of it that undici.ts loads.
declare module 'undici/lib/dispatcher/client.js' {
  export { Client as default } from 'undici';
}
