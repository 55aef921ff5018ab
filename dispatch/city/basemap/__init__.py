"""The base map: extract → layers → one PMTiles file → tiles and a style, all from this server."""
