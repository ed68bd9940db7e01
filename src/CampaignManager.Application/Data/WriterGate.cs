using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Data;

/// <summary>SQLite has one writer at a time: who redeems waits here in turn instead of polling the file's lock. PostgreSQL locks rows and needs no gate.</summary>
public sealed class WriterGate : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);

    public async ValueTask<IDisposable?> EnterAsync(AppDbContext context, CancellationToken cancellationToken)
    {
        if (!context.Database.IsSqlite())
            return null;
        await gate.WaitAsync(cancellationToken);
        return new Pass(gate);
    }

    public void Dispose() => gate.Dispose();

    private sealed class Pass(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
