"""LiveTorch without its user interface: nothing in here imports streamlit."""
