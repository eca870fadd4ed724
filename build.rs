//! Lets the program find libtorch where it was found at build time, without `LD_LIBRARY_PATH`, and says what to do when
//! the pages' styles have not been fetched yet (they are embedded, so nothing compiles without them).
fn main() {
    println!("cargo:rerun-if-env-changed=LIBTORCH");
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=src/web/templates");
    println!("cargo:rerun-if-changed=src/web/static");
    println!("cargo:rerun-if-changed=src/web/assets/complete");
    if !std::path::Path::new("src/web/assets/complete").exists() {
        println!(
            "cargo:error=The officers' pages have no styles yet. Run `make setup` (or setup/assets.sh) once, then build again."
        );
        std::process::exit(1);
    }
    if let Ok(folder) = std::env::var("LIBTORCH") {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{folder}/lib");
    }
}
