using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Data;

public static class DataServices
{
    public const string SqliteMigrations = "CampaignManager.Migrations.Sqlite";
    public const string PostgreSqlMigrations = "CampaignManager.Migrations.PostgreSql";

    public static IServiceCollection AddData(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DatabaseOptions>().Bind(configuration.GetSection("Database")).ValidateDataAnnotations().ValidateOnStart();
        services.AddDbContextFactory<AppDbContext>((provider, builder) =>
        {
            Configure(builder, provider.GetRequiredService<IOptions<DatabaseOptions>>().Value);
            builder.AddInterceptors(provider.GetRequiredService<ChangeNews>());
        });
        services.AddSingleton<ChangeNews>();
        if (configuration["Database:Provider"] == DatabaseOptions.PostgreSql)
        {
            services.AddSingleton<PostgresNews>();
            services.AddSingleton<INews>(provider => provider.GetRequiredService<PostgresNews>());
            services.AddHostedService(provider => provider.GetRequiredService<PostgresNews>());
        }
        else
        {
            services.AddSingleton<INews, LocalNews>();
        }

        services.AddOptions<SecurityOptions>().Bind(configuration.GetSection("Security"));
        services.AddSingleton<MasterKey>();
        services.AddSingleton<DatabasePreparation>();
        services.AddSingleton<WriterGate>();
        services.AddSingleton<GroupCommit>();
        services.AddSingleton<ServingLock>();
        return services;
    }

    /// <summary>The same configuration for the host, the tests and the design-time factory.</summary>
    public static void Configure(DbContextOptionsBuilder builder, DatabaseOptions options)
    {
        builder.AddInterceptors(LocalCommits.Instance);
        // A page of rows in no order is another page the next time: no such query runs.
        builder.ConfigureWarnings(warnings => warnings.Throw(CoreEventId.RowLimitingOperationWithoutOrderByWarning, CoreEventId.FirstWithoutOrderByAndFilterWarning));
        if (options.IsPostgreSql)
        {
            builder.UseNpgsql(options.ConnectionString, npgsql => npgsql.MigrationsAssembly(PostgreSqlMigrations));
            return;
        }

        var connection = new SqliteConnectionStringBuilder { DataSource = options.Path, ForeignKeys = true, DefaultTimeout = 30 };
        builder.UseSqlite(connection.ToString(), sqlite => sqlite.MigrationsAssembly(SqliteMigrations));
        builder.AddInterceptors(SqlitePragmas.Instance);
    }

    /// <summary>Per-connection settings. No journal_mode here: EF probes read-only, and makes its files in WAL anyway.</summary>
    private sealed class SqlitePragmas : DbConnectionInterceptor
    {
        public static readonly SqlitePragmas Instance = new();

        // A pooled connection keeps what was set on it.
        private static readonly ConditionalWeakTable<SQLitePCL.sqlite3, object> Set = [];

        // FULL: what is answered as done is on the disk, so that a power cut takes nothing back. See docs/decisions/durability.md.
        private const string Pragmas = "PRAGMA busy_timeout=15000; PRAGMA synchronous=FULL;";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            if (IsSet(connection))
                return;
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            if (IsSet(connection))
                return;
            await using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        private static bool IsSet(DbConnection connection) => connection is SqliteConnection { Handle: { } handle } && !Set.TryAdd(handle, Instance);
    }
}
