//! The council's own name and colour on the pages.

use std::str::FromStr;

/// Whose pages these are.
#[derive(Clone, Debug)]
pub struct CouncilBrand {
    /// The council's name, e.g. `Haverwick Council`.
    pub name: String,
    /// What the service is called, e.g. `Heard: children's services complaints`.
    pub service: String,
    /// The council's colour; `None` for the blue of the style sheet.
    pub colour: Option<Colour>,
    /// Whom officers ask for help, e.g. `the IT service desk, 01632 960 111`.
    pub help: String,
}

/// A colour dark enough for white text (contrast at least 4.5 to 1, WCAG 2.2 success criterion 1.4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// Why a colour cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColourError {
    /// Not `#rrggbb`.
    #[error("a colour is written as # and six digits or letters a to f, e.g. #1d70b8")]
    Form,
    /// White text on it cannot be read by everybody.
    #[error(
        "this colour is too pale for white text: its contrast is {0}.{1:02} to 1 and must be at least 4.50. Choose a darker one"
    )]
    TooPale(u32, u32),
}

impl FromStr for Colour {
    type Err = ColourError;

    fn from_str(text: &str) -> Result<Self, ColourError> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or(ColourError::Form)?;
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).map_err(|_| ColourError::Form)?;
        let colour = Self(bytes.try_into().map_err(|_| ColourError::Form)?);
        let contrast = colour.contrast_with_white();
        if contrast < 4.5 {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let hundredths = (contrast * 100.0) as u32; // between 100 and 450
            return Err(ColourError::TooPale(hundredths / 100, hundredths % 100));
        }
        Ok(colour)
    }
}

impl Colour {
    /// WCAG 2.2, definition of relative luminance and contrast ratio.
    fn contrast_with_white(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        });
        1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    }
}

impl CouncilBrand {
    /// The style sheet with the council's colour: custom properties that the fetched style sheet reads.
    #[must_use]
    pub fn style_sheet(&self) -> String {
        match self.colour {
            Some(Colour([red, green, blue])) => {
                format!(":root {{ --govuk-brand-colour: #{red:02x}{green:02x}{blue:02x}; }}\n")
            }
            None => "/* The council has chosen no colour of its own. */\n".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_must_carry_white_text() {
        assert!("#1d70b8".parse::<Colour>().is_ok());
        assert!("#5B2C6F".parse::<Colour>().is_ok());
        assert_eq!("#ffdd00".parse::<Colour>(), Err(ColourError::TooPale(1, 34)));
        assert_eq!("red".parse::<Colour>(), Err(ColourError::Form));
        assert_eq!("#12345g".parse::<Colour>(), Err(ColourError::Form));
        assert!(("#fff".parse::<Colour>()).is_err());
    }

    #[test]
    fn the_councils_colour_reaches_the_style_sheet() {
        let brand = CouncilBrand {
            name: "Haverwick Council".into(),
            service: "Heard".into(),
            colour: "#5b2c6f".parse().ok(),
            help: String::new(),
        };
        assert_eq!(brand.style_sheet(), ":root { --govuk-brand-colour: #5b2c6f; }\n");
    }
}
