SELECT version FROM making;
