export * from './zone-model';
