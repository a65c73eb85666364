"""torchvision's classification models, which no run trains."""
