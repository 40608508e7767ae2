-- PostgreSQL runs this once, on an empty volume. "bot" is made by POSTGRES_DB; DBOS and Rasa have databases of their own.
CREATE DATABASE dbos;
CREATE DATABASE rasa;
