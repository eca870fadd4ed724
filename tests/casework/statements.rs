//! Every statement prepares on both databases, with the same parameters and the same columns.

use crate::databases::Database;
use sqlx::{Column, Either, Executor, SqlSafeStr, Statement as _};

/// Parameters and column names of a prepared statement.
type Shape = (usize, Vec<String>);

fn shape<C: Column>(parameters: Option<Either<&[impl Sized], usize>>, columns: &[C]) -> Shape {
    let n = match parameters {
        Some(Either::Left(types)) => types.len(),
        Some(Either::Right(n)) => n,
        None => 0,
    };
    (n, columns.iter().map(|column| column.name().to_owned()).collect())
}

async fn on_sqlite(sql: &'static str, store: &heard::store::Store) -> Result<Shape, sqlx::Error> {
    let heard::store::Store::Sqlite { write, .. } = store else { panic!("not SQLite") };
    let prepared = write.acquire().await?.prepare(sql.into_sql_str()).await?;
    Ok(shape(prepared.parameters(), prepared.columns()))
}

async fn on_postgres(sql: &'static str, store: &heard::store::Store) -> Result<Shape, sqlx::Error> {
    let heard::store::Store::Postgres { pool, .. } = store else { panic!("not Postgres") };
    let prepared = pool.acquire().await?.prepare(sql.into_sql_str()).await?;
    Ok(shape(prepared.parameters(), prepared.columns()))
}

#[tokio::test]
async fn every_statement_prepares_on_both_databases_and_gives_the_same() {
    let sqlite = Database::sqlite().await;
    let postgres = Database::postgres().await;
    if postgres.is_none() {
        println!("skipped on Postgres: HEARD_TEST_POSTGRES is not set");
    }
    let mut faults = Vec::new();
    let mut names = std::collections::BTreeSet::new();
    for statement in heard::store::all_statements() {
        let name = statement.name;
        if !names.insert(name) {
            faults.push(format!("{name}: two statements have this name"));
        }
        let here = on_sqlite(statement.sqlite, &sqlite.store).await;
        let there = match &postgres {
            Some(database) => Some(on_postgres(statement.postgres, &database.store).await),
            None => None,
        };
        match (here, there) {
            (Err(fault), _) => faults.push(format!("{name} on SQLite: {fault}")),
            (_, Some(Err(fault))) => faults.push(format!("{name} on Postgres: {fault}")),
            (Ok(here), Some(Ok(there))) if here != there => {
                faults.push(format!("{name}: {here:?} on SQLite, {there:?} on Postgres"));
            }
            _ => {}
        }
    }
    assert!(names.len() > 60, "{} statements are registered", names.len());
    if let Some(database) = postgres {
        database.drop().await;
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
