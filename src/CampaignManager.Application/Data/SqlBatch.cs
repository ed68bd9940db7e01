using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CampaignManager.Application.Data;

/// <summary>Statements that go to the database together, in their order: one by one they cost a redemption more than its price.</summary>
internal sealed class SqlBatch(AppDbContext context) : IAsyncDisposable
{
    private readonly DbCommand command = context.Database.GetDbConnection().CreateCommand();
    private readonly StringBuilder text = new();
    private int statements;

    /// <summary>Adds a value.</summary>
    /// <returns>Its name in the statements.</returns>
    public string Add(object? value, DbType? type = null)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = "@p" + command.Parameters.Count.ToString(CultureInfo.InvariantCulture);
        parameter.Value = value ?? DBNull.Value;
        if ((type ?? (value is null or string ? DbType.String : null)) is { } given)
            parameter.DbType = given;
        command.Parameters.Add(parameter);
        return parameter.ParameterName;
    }

    public void Append(string statement)
    {
        text.AppendLine(statement);
        statements++;
    }

    /// <summary>Runs them.</summary>
    /// <returns>Every statement has changed its one row.</returns>
    public async Task<bool> EachChangesOneAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        return await command.ExecuteNonQueryAsync(cancellationToken) == statements;
    }

    public async Task<DbDataReader> ReadAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        return await command.ExecuteReaderAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => command.DisposeAsync();

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (context.Database.CurrentTransaction is { } transaction)
            command.Transaction = transaction.GetDbTransaction();
        else
            await context.Database.OpenConnectionAsync(cancellationToken);
        command.CommandText = text.ToString();
    }
}
