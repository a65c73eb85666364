"""Arrays and tables in, pictures out. No Streamlit, no state."""
