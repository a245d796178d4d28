"""Pure functions on arrays and frames: no reading, no drawing, nothing imported from the rest of the package."""
